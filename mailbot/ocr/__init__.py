"""Pictures: from the text that is read of a page to the fields that it holds, each with its evidence.

Nothing here decides or repairs; what engines read apart stays apart. The contract with the kinds is `domain.scan`.
"""
