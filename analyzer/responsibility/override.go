package responsibility

import (
	"strings"

	"github.com/demarc/demarc/analyzer"
)

// The layers by the short names that the rows use.
const (
	customerData         = analyzer.CustomerData
	identityAndAccess    = analyzer.IdentityAndAccess
	clientSideEncryption = analyzer.ClientSideEncryption
	serverSideEncryption = analyzer.ServerSideEncryption
	traffic              = analyzer.NetworkTrafficProtection
	firewall             = analyzer.FirewallConfiguration
	network              = analyzer.NetworkConfiguration
	platform             = analyzer.PlatformAndApplication
	guest                = analyzer.OperatingSystem
	continuity           = analyzer.BusinessContinuity
	logging              = analyzer.LoggingAndMonitoring
)

type overrides = []analyzer.Override

// A row is a service in the notation of the tables.
type row struct {
	id, name   string
	model      analyzer.Model // the model where no case decides
	types      string         // resource types and data sources without "aws_"; each covers all types that begin with it, word by word
	principals string         // types without "aws_" that have the duties; empty where the service has no managed type
	source     string         // path below docs.aws.amazon.com, or a full link
	cases      []analyzer.Case
	overrides  overrides
}

// words splits a list of types and completes each.
func words(types string) []string {
	list := strings.Fields(types)
	for i, t := range list {
		list[i] = "aws_" + t
	}
	return list
}

// link completes a path in AWS's documentation.
func link(path string) string {
	if path == "" || strings.HasPrefix(path, "https://") {
		return path
	}
	return "https://docs.aws.amazon.com/" + path
}

// shared gives the two parts of a shared layer.
func shared(l analyzer.Layer, yours, theirs string) overrides {
	return overrides{{Layer: l, Cell: analyzer.Cell{Today: analyzer.SharedOwned, Yours: yours, Theirs: theirs}}}
}

// all gives a layer to the customer.
func all(l analyzer.Layer, yours string) overrides {
	return overrides{{Layer: l, Cell: analyzer.Cell{Today: analyzer.CustomerOwned, Yours: yours}}}
}

// lacks lists layers that the service does not have.
func lacks(layers ...analyzer.Layer) overrides {
	list := make(overrides, len(layers))
	for i, l := range layers {
		list[i] = analyzer.Override{Layer: l, Cell: analyzer.Cell{Today: analyzer.NoOwner}}
	}
	return list
}

// at gives overrides the page that shows them, where it is not the service's
// page.
func at(source string, list overrides) overrides {
	for i := range list {
		list[i].Cell.TodaySource = link(source)
	}
	return list
}

// under limits overrides to one model of the service.
func under(m analyzer.Model, list overrides) overrides {
	for i := range list {
		list[i].Model = m
	}
	return list
}

func join(lists ...overrides) overrides {
	var joined overrides
	for _, l := range lists {
		joined = append(joined, l...)
	}
	return joined
}

// inVPC: the service has interfaces in the customer's subnets.
func inVPC() overrides {
	return shared(network, "the subnets, and whether it has a public address", "AWS runs the network of the service and attaches it to your VPC")
}

// engine: AWS installs the software in a version that the customer chooses.
func engine() overrides {
	return shared(platform, "the version, its parameters, and when upgrades run", "AWS builds, tests and installs the releases")
}

// code: the customer's program runs on an AWS platform.
func code() overrides {
	return shared(platform, "your code and its dependencies, on a runtime that is still supported", "AWS runs and patches the platform under your code")
}

// settings: the service only holds settings of the account. It has no customer
// data, no endpoint of its own and nothing to restore.
func settings() overrides {
	return lacks(customerData, clientSideEncryption, serverSideEncryption, traffic, firewall, network, platform, guest, continuity)
}

// noHosts: an infrastructure service without a guest.
func noHosts() overrides { return lacks(platform, guest) }

// noData: the service stores no customer data.
func noData() overrides {
	return lacks(customerData, clientSideEncryption, serverSideEncryption)
}
