// Package responsibility is demarc's knowledge of the AWS Shared Responsibility
// Model, as data of three depths:
//
//   - the model: who owns each layer of an infrastructure, a container and an
//     abstract service, as published and today (model.go);
//   - the services: the resource types and data sources of each, its model, the
//     types that carry its duties, and the layers on which it differs from its
//     model (the files named for kinds of services);
//   - cases: values of a resource that decide the model, such as Fargate.
//
// Published is what AWS drew in its paper "AWS Security Best Practices" of
// 2016 and on the page of the shared responsibility model. Today is what has
// become of it, or what a service's own documentation says; each difference
// names its page. A layer that the provider owns, or of which the service has
// nothing, has no duty and no check.
//
// Under the layers stand the control objectives (objective.go), which checks
// serve by their id, and which the requirements of frameworks are mapped to
// (framework.go, and a file for each framework).
//
// The package judges no resource and reads no file: it hands its tables to
// analyzer.Run as a Catalogue. Nothing is built before it is first asked for,
// what is returned is shared and must not be changed, and all functions are
// safe for concurrent use.
package responsibility
