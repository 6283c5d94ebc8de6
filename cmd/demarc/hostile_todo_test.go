//go:build hostile

package main

// hostileTodo says of rows, named as the test prints them, what does not hold
// yet. They are run, and one that holds fails until its line is taken out.
var hostileTodo = map[string]string{
	"100000_comments_of_other_tools":                     "one budget of work, and memory by construction",
	"100000_files":                                       "one budget of work, and memory by construction",
	"10000_resources_on_one_line_each_with_a_gap":        "one budget of work, and memory by construction",
	"20000_attestations":                                 "one budget of work, and memory by construction",
	"20000_owners":                                       "one budget of work, and memory by construction",
	"20000_suppress_blocks":                              "one budget of work, and memory by construction",
	"20_roots_that_call_modules_of_two_a_level":          "one budget of work, and memory by construction",
	"50000_nested_blocks":                                "one budget of work, and memory by construction",
	"JSON_syntax_on_one_line_with_10000_resources":       "one budget of work, and memory by construction",
	"hook:_a_changed_file_that_is_a_link_outside":        "a changed file that cannot be read is said to be clean",
	"hook:_a_changed_file_that_is_a_link_to_a_device":    "a changed file that cannot be read is said to be clean",
	"module_calls,_two_a_level,_20_levels":               "one budget of work, and memory by construction",
	"module_calls,_two_a_level,_38_levels":               "one budget of work, and memory by construction",
	"secret_from_a_parameter":                            "a repair names a key that is secret",
	"secret_from_a_sensitive_file_of_values":             "a repair names a key that is secret",
	"secret_from_a_sensitive_variable":                   "a repair names a key that is secret",
	"secret_from_a_sensitive_variable_in_an_index":       "a repair names a key that is secret",
	"secret_from_an_attribute_of_a_resource":             "a repair names a key that is secret",
	"secret_from_an_attribute_of_a_resource_in_an_index": "a repair names a key that is secret",
	"secret_from_an_ephemeral_variable":                  "a repair names a key that is secret",
	"secret_from_an_input_of_a_module":                   "a repair names a key that is secret",
	"secret_from_an_output_of_a_module":                  "a repair names a key that is secret",
	"secret_from_sensitive()":                            "a repair names a key that is secret",
	"secret_from_the_environment":                        "a repair names a key that is secret",
	"secret_from_the_environment_in_an_index":            "a repair names a key that is secret",
}
