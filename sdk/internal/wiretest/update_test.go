package wiretest_test

import (
	// "go test ./... -update" means all packages.
	_ "github.com/triwire/authorizer-sdk/internal/updateflag"
)
