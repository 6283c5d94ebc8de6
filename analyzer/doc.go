// Package analyzer is the contract of demarc: resources with their values, the
// shared responsibility model, and checks, which are rows of conditions. Every
// verdict is one of three: fail, unknown, pass.
//
// It reads no files and judges nothing: loaders (tfconfig, tfplan) make Sets,
// package checks has the rows, package responsibility the tables, package judge
// judges Sets by rows, packages matrix, compare and audit answer questions about
// its reports, and package report shows them.
package analyzer
