package checks

import "testing"

func TestWholeInternet(t *testing.T) {
	for cidr, want := range map[string]bool{
		"0.0.0.0/0": true, "0.0.0.0/1": true, "128.0.0.0/1": true, "8.0.0.0/7": true,
		"10.0.0.0/8": false, "203.0.113.0/24": false, "198.51.100.7/32": false,
		"::/0": true, "::/1": true, "2000::/3": true, "2600::/11": true,
		"8000::/1": false, "fc00::/7": false, "2600::/12": false, "2001:db8::/32": false,
		"": false, "internet": false, "0.0.0.0": false,
	} {
		if got := wholeInternet(cidr); got != want {
			t.Errorf("wholeInternet(%q) = %t", cidr, got)
		}
	}
}
