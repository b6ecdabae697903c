package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	_ "github.com/triwire/authorizer-sdk/sdk/grpc"
)

// caller plays steps through the SDK's public methods, found by name. It keeps
// one client for each way to construct one, as a program would.
type caller struct {
	t       *testing.T
	server  *Server
	options []authorizer.Option
	clients map[string]reflect.Value
	called  map[string]bool // the Go methods that were, as callable spells them
}

func newCaller(t *testing.T, server *Server, protocol string) *caller {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		// The SDK believes that it talks to the recorded server's own URL.
		return new(net.Dialer).DialContext(ctx, "tcp", server.HTTPAddr())
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &caller{t: t, server: server, clients: map[string]reflect.Value{}, called: map[string]bool{}, options: []authorizer.Option{
		authorizer.WithProtocolName(protocol),
		authorizer.WithGRPCEndpoint(server.GRPCAddr()),
		authorizer.WithHTTPClient(&http.Client{Transport: transport}),
		authorizer.WithTimeout(10 * time.Second),
	}}
}

// play calls the method of a step and says what came of it.
func (c *caller) play(step *Step, allowed ...Part) Outcome {
	c.server.Play(step, allowed...)
	out, err := c.call(step)
	if err != nil {
		return Outcome{Unplayable: err.Error()}
	}
	out.Visit = c.server.Visit()
	return out
}

func (c *caller) call(step *Step) (Outcome, error) {
	sender := step.Sender()
	client, err := c.client(sender)
	if err != nil {
		return Outcome{}, err
	}
	name, err := methodOf(client.Type(), step.Method)
	if err != nil {
		return Outcome{}, err
	}
	method := client.MethodByName(name)
	arguments, err := argumentsOf(method.Type(), step)
	if err != nil {
		return Outcome{}, err
	}
	for _, option := range callOptions(sender) {
		arguments = append(arguments, reflect.ValueOf(option))
	}
	c.called[client.Type().String()+"."+name] = true
	return outcomeOf(method.Call(arguments)), nil
}

// client returns the client that the step was sent by, constructing it when it
// is first needed.
func (c *caller) client(s Sender) (reflect.Value, error) {
	key := fmt.Sprintf("user %s", s.ClientID)
	if s.Admin {
		key = fmt.Sprintf("admin %s", s.AdminSecret)
	}
	if client, ok := c.clients[key]; ok {
		return client, nil
	}
	client, err := c.construct(s)
	if err != nil {
		return reflect.Value{}, err
	}
	c.t.Cleanup(func() {
		if err := client.Close(); err != nil {
			c.t.Error(err)
		}
	})
	c.clients[key] = reflect.ValueOf(client)
	return c.clients[key], nil
}

func (c *caller) construct(s Sender) (interface{ Close() error }, error) {
	if s.Admin {
		return authorizer.NewAdmin(ServerURL, s.AdminSecret, c.options...)
	}
	return authorizer.New(ServerURL, s.ClientID, c.options...)
}

// methodOf finds the Go method of a recorded one. The recorder named the OAuth
// endpoints in its own way.
func methodOf(client reflect.Type, recorded string) (string, error) {
	wanted := plainName(recorded)
	switch recorded {
	case "oauth_token":
		wanted = "gettoken"
	case "oauth_revoke":
		wanted = "revoketoken"
	}
	for m := range client.Methods() {
		if plainName(m.Name) == wanted {
			return m.Name, nil
		}
	}
	return "", fmt.Errorf("%s has no method for %s", client, recorded)
}

// callable lists the methods of both clients that call the server: those that
// take a context.
func callable() []string {
	var names []string
	for _, client := range []reflect.Type{reflect.TypeFor[*authorizer.Client](), reflect.TypeFor[*authorizer.AdminClient]()} {
		for m := range client.Methods() {
			// Iterators over pages make the recorded calls; they are no methods of
			// the API themselves.
			iterator := m.Type.NumOut() == 1 && m.Type.Out(0).Kind() == reflect.Func
			if !iterator && m.Type.NumIn() > 1 && m.Type.In(1) == reflect.TypeFor[context.Context]() {
				names = append(names, client.String()+"."+m.Name)
			}
		}
	}
	return names
}

// argumentsOf makes the context and, for a method that takes one, the request
// from the step's logical input. Every key of the input must have its field.
func argumentsOf(method reflect.Type, step *Step) ([]reflect.Value, error) {
	arguments := []reflect.Value{reflect.ValueOf(context.Background())}
	if method.NumIn() < 3 {
		if string(step.Input) != "{}" {
			return nil, fmt.Errorf("the method takes no request, but the input is %s", step.Input)
		}
		return arguments, nil
	}
	request := reflect.New(method.In(1).Elem())
	if err := decode(step.Input, request.Interface()); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	return append(arguments, request), nil
}

func decode(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

func callOptions(s Sender) []authorizer.CallOption {
	options := []authorizer.CallOption{authorizer.WithHeaders(s.Headers)}
	if s.Bearer != "" {
		options = append(options, authorizer.WithBearerToken(s.Bearer))
	}
	for _, cookie := range s.Cookies {
		options = append(options, authorizer.WithCookie(cookie[0], cookie[1]))
	}
	return options
}

// resultOf is a pointer to the value that the method returned, or nil for one
// that returns only an error.
func resultOf(results []reflect.Value) any {
	if len(results) == 1 {
		return nil
	}
	return results[0].Interface()
}

func outcomeOf(results []reflect.Value) Outcome {
	err, _ := results[len(results)-1].Interface().(error)
	if err == nil {
		return Outcome{Code: CodeOK, Result: resultOf(results)}
	}
	var e *authorizer.Error
	if !errors.As(err, &e) {
		return Outcome{Code: "none", Err: fmt.Errorf("not an *authorizer.Error: %w", err)}
	}
	return Outcome{Code: e.Code.String(), Err: err, Violations: len(e.Violations)}
}
