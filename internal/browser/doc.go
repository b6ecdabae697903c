// Package browser tests the page of the reference in a real browser. It is a
// module of its own, so that the driver of the browser is no dependency of the
// SDK or the generator.
package browser
