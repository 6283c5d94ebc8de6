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
// Published is the owner in AWS's paper "AWS Security Best Practices" of 2016
// and on the page of the shared responsibility model. Today is the owner
// according to current pages, or to a service's own documentation; each
// difference cites its page. A layer that the provider owns, or that the
// service does not have, has no duty and no check.
//
// Each layer has control objectives (objective.go). Checks name an objective by
// its id, and the requirements of frameworks are mapped to objectives
// (framework.go, and a file for each framework).
//
// The package judges no resource and reads no file: it passes its tables to
// judge.Run as a Catalogue. Tables are built on first use, returned values are
// shared and must not be changed, and all functions are safe for concurrent
// use.
package responsibility
