// Package guides tests that what CONTRIBUTING.md and README.md tell people to run
// works as it stands.
package guides
