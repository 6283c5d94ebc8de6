package checks

import (
	"strings"
	"testing"
)

func TestSecretIn(t *testing.T) {
	tests := []struct{ name, value, want string }{
		{"", "AKIAIOSFODNN7EXAMPLE", "the id of an access key"},
		{"", "key=ASIAIOSFODNN7EXAMPLE;", "the id of an access key"},
		{"", "XAKIAIOSFODNN7EXAMPLE", ""},
		{"", "AKIAIOSFODNN7EXAMPLEX", ""},
		{"", "AKIAIOSFODNN7example", ""},
		{"", "export AWS_SECRET_ACCESS_KEY=" + strings.Repeat("a/", 20), "a secret access key"},
		{"", `aws_secret_access_key = "` + strings.Repeat("a+", 20) + `"`, "a secret access key"},
		{"", "export AWS_SECRET_ACCESS_KEY=$(fetch)", ""},
		{"", "aws_secret_access_key=" + strings.Repeat("a", 41), ""},
		{"", "-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"},
		{"", "-----BEGIN CERTIFICATE-----", ""},
		{"", "QVdTX0FDQ0VTU19LRVlfSUQ9QUtJQUlPU0ZPRE5ON0VYQU1QTEU=", "the id of an access key"}, // in base64
		{"DB_PASSWORD", "hunter2", "a secret as plain text"},
		{"db-password", "hunter2", "a secret as plain text"},
		{"DB_PASSWORD", "/prod/db/password", ""},
		{"DB_PASSWORD", "", ""},
		{"PASSWORD_LENGTH", "14", ""},
		{"ENCRYPT_PASSWORD", "true", ""},
		{"HASH", strings.Repeat("0a", 20), ""},
	}
	for _, tt := range tests {
		if got := secretIn(tt.name, tt.value); got != tt.want {
			t.Errorf("secretIn(%q, %q) = %q, want %q", tt.name, tt.value, got, tt.want)
		}
	}
}
