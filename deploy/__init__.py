"""Running Housecall: on one machine for development, in containers, on Kubernetes."""
