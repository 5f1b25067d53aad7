"""Letters out: a frozen view of the cases becomes exact bytes, and these reach one address, or it is known why not.

May import the domain, Jinja2, XlsxWriter, aiosmtplib and the standard library's mail package. Which letter is due, to
whom, and whether a robot may be answered, is decided before.
"""
