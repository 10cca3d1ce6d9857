"""Development only: a mail server that keeps every mail it is given and shows them on a page, and sends none on."""
