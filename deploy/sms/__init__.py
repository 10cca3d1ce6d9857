"""Development only: a provider of text messages that keeps every text it is given and shows them on a page, and sends none on."""
