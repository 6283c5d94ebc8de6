// Package analyzer is the contract of demarc: resources with their values, the
// shared responsibility model, checks as rows of conditions, and the run that
// judges one by the other. Every verdict is one of three: fail, unknown, pass.
//
// It reads no files and knows no provider: loaders (tfconfig, tfplan) make
// Sets, package checks has the rows, package responsibility the tables, and
// package report shows what Run returns.
package analyzer
