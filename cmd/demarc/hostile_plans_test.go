//go:build hostile

package main

import (
	"maps"
	"slices"
)

// planRows are plans that a lenient reader accepts as clean. Each is refused, with
// the place.
func planRows() []hostileRow {
	const change = `{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,"after":{},"after_unknown":{}}}`
	var rows []hostileRow
	plans := map[string]string{
		"a number of changes":                `{"format_version":"1.2","resource_changes":7}`,
		"changes in an object":               `{"format_version":"1.2","resource_changes":{"a":` + change + `}}`,
		"changes that are a text":            `{"format_version":"1.2","resource_changes":"none"}`,
		"a change that is a number":          `{"format_version":"1.2","resource_changes":[7]}`,
		"a change that is null":              `{"format_version":"1.2","resource_changes":[null]}`,
		"an unknown action":                  `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":["ignore"],"after":{}}}]}`,
		"actions that are a text":            `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":"no-op","after":{}}}]}`,
		"actions that are numbers":           `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":[1],"after":{}}}]}`,
		"no actions":                         `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":[],"after":{}}}]}`,
		"a type that is a number":            `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":7,"name":"q","change":{"actions":["create"],"after":{}}}]}`,
		"no type":                            `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","name":"q","change":{"actions":["create"],"after":{}}}]}`,
		"an unknown mode":                    `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"odd","type":"aws_sqs_queue","name":"q","change":{"actions":["create"],"after":{}}}]}`,
		"an address that is a list":          `{"format_version":"1.2","resource_changes":[{"address":["a"],"mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":["create"],"after":{}}}]}`,
		"values that are a list":             `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":{"actions":["create"],"after":[]}}]}`,
		"a change that is a list":            `{"format_version":"1.2","resource_changes":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","change":[]}]}`,
		"planned values that are a list":     `{"format_version":"1.2","planned_values":[],"resource_changes":[]}`,
		"a configuration that is a text":     `{"format_version":"1.2","configuration":"x","resource_changes":[]}`,
		"variables that are a list":          `{"format_version":"1.2","variables":[],"resource_changes":[]}`,
		"changes twice":                      `{"format_version":"1.2","resource_changes":[` + change + `],"resource_changes":[]}`,
		"changes twice, once escaped":        `{"format_version":"1.2","resource_changes":[` + change + `],"resource\u005fchanges":[]}`,
		"a second document":                  `{"format_version":"1.2","resource_changes":[]}{"resource_changes":[` + change + `]}`,
		"no version":                         `{"resource_changes":[]}`,
		"a version of another kind":          `{"format_version":1.2,"resource_changes":[]}`,
		"a version to come":                  `{"format_version":"9.0","resource_changes":[]}`,
		"an empty file":                      ``,
		"a list":                             `[]`,
		"null":                               `null`,
		"half a plan":                        `{"format_version":"1.2","resource_changes":[` + change[:60],
		"a number that is no number of JSON": `{"format_version":"1.2","resource_changes":[],"x":0x10}`,
		"a comment":                          `{"format_version":"1.2",/* */"resource_changes":[]}`,
		"no text":                            "{\"format_version\":\"1.2\",\"resource_changes\":[],\"\xff\":1}",
		"half a surrogate":                   `{"format_version":"1.2","resource_changes":[],"\ud800":1}`,
		"UTF-16":                             "\xff\xfe{\x00}\x00",
	}
	for _, what := range slices.Sorted(maps.Keys(plans)) {
		rows = append(rows, hostileRow{
			name: "plan: " + what, alone: true, exit: exitIncomplete, args: []string{"scan", "p.json"}, says: []string{"p.json"},
			build: func(r *hostileRepo) { r.write("p.json", plans[what]) },
		})
	}
	return rows
}
