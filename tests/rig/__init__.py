"""Real servers in throwaway folders, a scripted one, and the faults between them and us. No test lives here."""
