"""`make bench`: the figures of the project, each beside what it is compared with. Imports all of
`commands`.
"""
