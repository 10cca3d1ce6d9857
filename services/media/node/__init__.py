"""The media node: forwards sound and pictures between browsers without decoding them. asyncio; knows no nameko, no database."""
