"""Builds the native forwarder beside its source: `python setup.py build_ext --inplace`, or `python -m services.media.node.build`."""

import os
import tempfile

from setuptools import Extension, setup

SOURCES = ["module.c", "forwarder.c", "graph.c", "streams.c", "rtcp.c", "rtp.c"]
HEADERS = ["forwarder.h", "graph.h", "streams.h", "rtcp.h", "rtp.h", "bytes.h"]
FLAGS = [
    "-std=c11",
    "-O2",
    "-flto",
    "-fno-strict-aliasing",
    "-fstack-protector-strong",
    "-Wall",
    "-Wextra",
    "-Wno-missing-field-initializers",
]

if __name__ == "__main__":
    extra = os.environ.get("NATIVE_FLAGS", "").split()
    extension = Extension(
        "engine", SOURCES, depends=HEADERS, extra_compile_args=FLAGS + extra, extra_link_args=["-flto", *extra]
    )
    with tempfile.TemporaryDirectory() as objects:
        setup(name="housecall-media-native", ext_modules=[extension], options={"build": {"build_base": objects}})
