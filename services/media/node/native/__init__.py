"""The forwarder in C. `engine` is there where it was built; see `services.media.node.build`."""
