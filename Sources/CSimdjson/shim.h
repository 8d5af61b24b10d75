// simdjson is C++; only CJSON includes <simdjson.h>. This module carries its link flags.
