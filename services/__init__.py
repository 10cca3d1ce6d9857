"""The services: each a folder that runs, on `plumbing`, knowing of the others only what `contracts` says."""
