package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	_ "github.com/triwire/authorizer-sdk/sdk/grpc"
)

// As a child of the test, the test binary is the command.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_EMULATOR") != "" {
		main()
	}
	os.Exit(m.Run())
}

func noEnvironment(string) string { return "" }

// ready reads the ready line: what is where.
func ready(t *testing.T, r io.Reader) map[string]string {
	t.Helper()
	line, err := bufio.NewReader(r).ReadString('\n')
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "ready: ")
	if err != nil || !ok {
		t.Fatalf("no ready line: %q, %v", line, err)
	}
	out := map[string]string{}
	for _, pair := range strings.Fields(rest) {
		name, value, _ := strings.Cut(pair, "=")
		out[name] = value
	}
	return out
}

func TestServesUntilStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"-http-port", "0", "-grpc-port", "0", "-email-verification"}, func(name string) string {
			return map[string]string{"AUTHORIZER_ADMIN_SECRET": "hush-admin", "AUTHORIZER_CLIENT_SECRET": "hush-client"}[name]
		}, w, &stderr)
	}()
	at := ready(t, r)
	go io.Copy(io.Discard, r)
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		admin, err := authorizer.NewAdmin(at["url"], "hush-admin", authorizer.WithGRPCEndpoint(at["grpc"]), authorizer.WithProtocolName(protocol))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := admin.AdminMeta(t.Context()); err != nil {
			t.Error(err)
		}
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	}
	stop()
	if got := <-code; got != 0 || stderr.Len() > 0 {
		t.Errorf("exit code %d, stderr %q", got, &stderr)
	}
	if text := strings.Join([]string{at["url"], at["grpc"], at["client_id"], stderr.String()}, " "); strings.Contains(text, "hush") || len(at) != 3 {
		t.Errorf("the ready line is %v", at)
	}
}

func TestStopsOnSignal(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-http-port", "0", "-grpc-port", "0")
		cmd.Env = append(os.Environ(), "RUN_EMULATOR=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		ready(t, lines)
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(lines)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v, after %q", signal, err, rest)
		}
	}
}

func TestWrongArguments(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"another machine": {[]string{"-host", "0.0.0.0"}, 1, "is not a loopback address"},
		"a taken port":    {[]string{"-http-port", port}, 1, "address already in use"},
		"no flag":         {[]string{"-nonsense"}, 2, "not defined: -nonsense"},
		"an argument":     {[]string{"start"}, 2, `unexpected argument "start"`},
		"help":            {[]string{"-help"}, 0, "-any-address"},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), c.args, noEnvironment, &stdout, &stderr)
		if code != c.code || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", name, code, &stdout, &stderr)
		}
	}
}
