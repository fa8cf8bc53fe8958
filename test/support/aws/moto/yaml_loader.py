"""Templates are read by the parser in C, where there is one: it reads the same many times as fast. Moto 5.2.5 asks for the one
that is written in Python."""

import yaml

from moto.cloudformation.utils import yaml_tag_constructor

if yaml.__with_libyaml__:
    yaml.CLoader.add_multi_constructor("", yaml_tag_constructor)
    yaml.Loader = yaml.CLoader
