package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sdkgen": main})
}

// TestScripts runs the program itself, in a directory of its own.
func TestScripts(t *testing.T) {
	cache := t.TempDir() // what scripts leave behind is not the user's
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", cache)
			wd, err := os.Getwd()
			env.Setenv("SAVED", wd+"/../../internal/pull/testdata/2.3.0-rc.9")
			return err
		},
	})
}
