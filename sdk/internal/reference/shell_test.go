package reference_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// shell runs scripts in which curl and grpcurl are functions of this package, so
// that the tests need neither.
type shell struct {
	server    *sdktest.Server
	contracts *contracts
	setup     string
	// body is that of the last request over HTTP.
	body []byte
}

func newShell(t *testing.T, server *sdktest.Server, setup string) *shell {
	t.Helper()
	if setup == "" {
		t.Fatal("the reference does not say which variables to set")
	}
	return &shell{server: server, contracts: loadContracts(t), setup: setup}
}

// values are what the variables of the setup hold in the tests.
func values(server *sdktest.Server) map[string]string {
	return map[string]string{
		"AUTHORIZER_URL": server.URL(), "AUTHORIZER_ORIGIN": server.URL(), "AUTHORIZER_GRPC": server.GRPCAddr(),
		"AUTHORIZER_CLIENT_ID": sdktest.ClientID, "AUTHORIZER_ADMIN_SECRET": sdktest.AdminSecret,
		"AUTHORIZER_TOKEN": "token-1", "AUTHORIZER_COOKIE": "cookie_session=1",
	}
}

// run runs the setup with the test's values, and then the script.
func (s *shell) run(t *testing.T, script string) {
	t.Helper()
	all := s.setup
	for name, value := range values(s.server) {
		if !strings.Contains(s.setup, "export "+name+"=") {
			t.Errorf("the setup does not set %s", name)
		}
		all += fmt.Sprintf("export %s='%s'\n", name, value)
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader("set -eu\n"+all+script), "snippet")
	if err != nil {
		t.Fatalf("%v\n%s", err, script)
	}
	var output bytes.Buffer
	runner, err := interp.New(interp.StdIO(nil, &output, &output), interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return s.exec }))
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(t.Context(), file); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, &output)
	}
}

func (s *shell) exec(ctx context.Context, args []string) error {
	var err error
	switch args[0] {
	case "curl":
		err = s.curl(ctx, args[1:])
	case "grpcurl":
		err = s.grpcurl(ctx, args[1:])
	default:
		err = fmt.Errorf("%s: command not found", args[0])
	}
	if err != nil {
		fmt.Fprintln(interp.HandlerCtx(ctx).Stderr, err)
		return interp.ExitStatus(1)
	}
	return nil
}

// options reads the options of a command: those that take a value, and how often
// each stands. What is no option comes back, too.
func options(args []string, valued string) (map[string][]string, []string, error) {
	set := map[string][]string{}
	var rest []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case !strings.HasPrefix(arg, "-"):
			rest = append(rest, arg)
		case !strings.Contains(" "+valued+" ", " "+arg+" "):
			set[arg] = append(set[arg], "")
		case len(args) == 0:
			return nil, nil, errors.New(arg + " needs a value")
		default:
			set[arg] = append(set[arg], args[0])
			args = args[1:]
		}
	}
	return set, rest, nil
}

// curl sends a request as curl does, after a look at the contract.
func (s *shell) curl(ctx context.Context, args []string) error {
	set, rest, err := options(args, "-X -H -d --data-urlencode")
	if err != nil || len(rest) != 1 {
		return fmt.Errorf("curl: %q: %w", rest, err)
	}
	body, kind := strings.Join(set["-d"], "&"), "application/x-www-form-urlencoded"
	for _, pair := range set["--data-urlencode"] {
		name, value, _ := strings.Cut(pair, "=")
		body += "&" + name + "=" + url.QueryEscape(value)
	}
	body = strings.TrimPrefix(body, "&")
	verb := http.MethodGet
	if body != "" {
		verb = http.MethodPost
	}
	if len(set["-X"]) == 1 {
		verb = set["-X"][0]
	}
	req, err := http.NewRequestWithContext(ctx, verb, rest[0], strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, h := range set["-H"] {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	s.body = []byte(body)
	if err := s.contracts.check(req, []byte(body)); err != nil {
		return err
	}
	return send(req)
}

func send(req *http.Request) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("HTTP %d: %s (%v)", res.StatusCode, answer, err)
	}
	return nil
}

// grpcurl calls a method as grpcurl does.
func (s *shell) grpcurl(ctx context.Context, args []string) error {
	set, rest, err := options(args, "-H -d")
	if err != nil || len(rest) != 2 || len(set["-plaintext"]) != 1 || len(set["-d"]) != 1 {
		return fmt.Errorf("grpcurl: %q %q: %w", set, rest, err)
	}
	service, name, _ := strings.Cut(rest[1], "/")
	d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return fmt.Errorf("%s: %w", service, err)
	}
	method := d.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name))
	if method == nil {
		return fmt.Errorf("%s has no method %s", service, name)
	}
	in, err := message(method.Input(), set["-d"][0])
	if err != nil {
		return err
	}
	out, err := message(method.Output(), "{}")
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient(rest[0], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	for _, h := range set["-H"] {
		name, value, _ := strings.Cut(h, ": ")
		ctx = metadata.AppendToOutgoingContext(ctx, name, value)
	}
	return conn.Invoke(ctx, "/"+rest[1], in, out)
}

// message reads a message from JSON, strictly.
func message(d protoreflect.MessageDescriptor, text string) (proto.Message, error) {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	if err != nil {
		return nil, err
	}
	m := kind.New().Interface()
	if err := protojson.Unmarshal([]byte(text), m); err != nil {
		return nil, fmt.Errorf("%s: %w", d.FullName(), err)
	}
	return m, nil
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
