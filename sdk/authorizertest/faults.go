package authorizertest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// AnyMethod stands for every method in [Server.Fault].
const AnyMethod = "*"

// Fault is what goes wrong with a method.
type Fault struct {
	// Delay is how long the method waits before anything else, in real time.
	Delay time.Duration
	// Err is what it answers instead of doing its work, such as
	// &authorizer.Error{Code: authorizer.CodeResourceExhausted, Message: "slow down"}.
	// An error of another type is an internal one.
	Err error
	// Outage drops the connection without an answer. Over gRPC, where calls share
	// a connection, it ends only the call, as unavailable.
	Outage bool
	// AfterWork lets the method do its work first: the caller then does not know
	// that it was done.
	AfterWork bool
	// Times is how many calls it is for; 0 means all, until it is replaced.
	Times int
}

// faults are the faults of a server by method.
type faults struct {
	mu  sync.Mutex
	all map[string]*Fault
}

// Fault makes a method go wrong, named as in the manifest or in Go ("meta" or
// "Meta"), or with [AnyMethod] all that have no fault of their own. It replaces the
// method's fault; an empty one means that nothing goes wrong any more. It panics if
// there is no method of that name: a test would wait for a fault that never comes.
func (s *Server) Fault(method string, f Fault) {
	if method != AnyMethod && !hasMethod(method) {
		panic(fmt.Sprintf("authorizertest: Fault(%q): there is no such method; names are those of the manifest, such as %q, or AnyMethod", method, "validate_jwt_token"))
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	if s.faults.all == nil {
		s.faults.all = map[string]*Fault{}
	}
	s.faults.all[plain(method)] = &f
}

// plain is a method's name without what the manifest and Go write differently.
func plain(method string) string {
	return strings.ToLower(strings.ReplaceAll(method, "_", ""))
}

// hasMethod tells whether the server has a method of the name.
func hasMethod(name string) bool {
	for _, service := range []reflect.Type{reflect.TypeFor[authorizerserver.UserServer](), reflect.TypeFor[authorizerserver.AdminServer]()} {
		for m := range service.NumMethod() {
			if plain(service.Method(m).Name) == plain(name) {
				return true
			}
		}
	}
	return false
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = nil
}

// take is the fault of a call.
func (f *faults) take(method string) Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := plain(method)
	if f.all[name] == nil {
		name = AnyMethod
	}
	found := f.all[name]
	if found == nil {
		return Fault{}
	}
	out := *found
	if found.Times > 0 {
		if found.Times--; found.Times == 0 {
			delete(f.all, name)
		}
	}
	return out
}

// intercept stands around every call: it lets faults happen, holds the request
// against the rules of the contract, and tells the emulator about the call.
func (s *Server) intercept(ctx context.Context, req *serve.Request, next func(context.Context) error) error {
	work := func() error {
		call := callOf(req)
		if err := s.emulator.Admit(call, req.Service, req.Method, req.Message); err != nil {
			return err
		}
		return next(emulator.WithCall(ctx, call))
	}
	f := s.faults.take(req.Method)
	if err := wait(ctx, f.Delay); err != nil {
		return err
	}
	if (f.Err != nil || f.Outage) && f.AfterWork {
		_ = work() // whatever it was, the caller does not learn it
	}
	switch {
	case f.Outage:
		drop(ctx)
		return &authorizer.Error{Code: authorizer.CodeUnavailable, Message: "the connection was dropped"}
	case f.Err != nil:
		return f.Err
	}
	return work()
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func callOf(req *serve.Request) *emulator.Call {
	return &emulator.Call{
		Protocol: req.Protocol, Header: req.Header, Host: req.Host, RemoteAddr: req.RemoteAddr,
		SetCookie: req.SetCookie, SetHeader: req.SetHeader,
	}
}

type dropKey struct{}

// drop marks the HTTP call of a context as one that gets no answer.
func drop(ctx context.Context) {
	if d, ok := ctx.Value(dropKey{}).(*dropper); ok {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.dropped = true
	}
}

// dropper is a response that may turn out to be none.
type dropper struct {
	http.ResponseWriter
	mu      sync.Mutex
	dropped bool
}

var errDropped = errors.New("the connection is dropped")

func (d *dropper) isDropped() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dropped
}

func (d *dropper) WriteHeader(status int) {
	if !d.isDropped() {
		d.ResponseWriter.WriteHeader(status)
	}
}

func (d *dropper) Write(b []byte) (int, error) {
	if d.isDropped() {
		return 0, errDropped
	}
	return d.ResponseWriter.Write(b)
}

// Unwrap is for [http.ResponseController].
func (d *dropper) Unwrap() http.ResponseWriter { return d.ResponseWriter }

// dropping lets calls end without an answer.
func dropping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := &dropper{ResponseWriter: w}
		next.ServeHTTP(d, r.WithContext(context.WithValue(r.Context(), dropKey{}, d)))
		if d.isDropped() {
			panic(http.ErrAbortHandler)
		}
	})
}
