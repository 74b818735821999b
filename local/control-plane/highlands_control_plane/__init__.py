"""The local control plane: ministack, and what Highlands needs beyond it."""

from . import xml_answers

xml_answers.install()
