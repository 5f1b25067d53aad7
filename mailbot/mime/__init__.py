"""From raw bytes to a readable mail: byte repair, MIME tree, headers, charsets, bodies, quotes, names.

Pure functions over hostile bytes: no I/O, no file, nothing of the other rooms. `parse.parse` is the door; nothing here
raises for what a mail contains, a mark on the mail says what was mended or cut. It runs in the sandbox's child.
"""
