package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sdkgen": main})
}

// withoutExitSleep is for GORACE: a program that is built with the race detector
// sleeps for a second before it ends, and the tests run it often.
const withoutExitSleep = "atexit_sleep_ms=0"

// TestScripts runs the program itself, in a directory of its own.
func TestScripts(t *testing.T) {
	cache := t.TempDir() // what scripts leave behind is not the user's
	built, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	goCaches := strings.Fields(string(built)) // that of the go command is: or it would build all anew
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_CACHE_HOME", cache)
			env.Setenv("GORACE", withoutExitSleep)
			env.Setenv("GOCACHE", goCaches[0])
			env.Setenv("GOMODCACHE", goCaches[1])
			wd, err := os.Getwd()
			env.Setenv("SAVED", wd+"/../../internal/pull/testdata/2.3.0-rc.9")
			return err
		},
	})
}
