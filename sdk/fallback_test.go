package authorizer_test

import (
	"errors"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// admin_signup is offered over GraphQL alone.
func TestFallback(t *testing.T) {
	for _, p := range []authorizer.Protocol{authorizer.ProtocolREST, authorizer.ProtocolGRPC} {
		t.Run(string(p), func(t *testing.T) {
			s := sdktest.Start(t)
			c := s.Admin(t, p)
			req := &authorizer.AdminSignupRequest{AdminSecret: sdktest.AdminSecret}
			_, err := c.AdminSignup(t.Context(), req)
			if e := asError(t, err); !errors.Is(err, authorizer.ErrUnimplemented) || !strings.Contains(e.Message, "graphql") || e.Protocol != p || len(s.Calls("")) != 0 {
				t.Errorf("without a fallback: %v after %d calls", err, len(s.Calls("")))
			}
			_, err = c.AdminSignup(t.Context(), req, authorizer.WithFallback(authorizer.ProtocolREST, authorizer.ProtocolGRPC))
			if !errors.Is(err, authorizer.ErrUnimplemented) || len(s.Calls("")) != 0 {
				t.Errorf("with none that helps: %v after %d calls", err, len(s.Calls("")))
			}
			var info authorizer.ResponseInfo
			fallback := authorizer.WithFallback(authorizer.ProtocolREST, authorizer.ProtocolGraphQL)
			for name, call := range map[string]func() error{
				"of the call": func() error {
					_, err := c.AdminSignup(t.Context(), req, fallback, authorizer.WithResponseInfo(&info))
					return err
				},
				"of the view":   func() error { _, err := c.With(fallback).AdminSignup(t.Context(), req); return err },
				"of the client": func() error { _, err := s.Admin(t, p, fallback).AdminSignup(t.Context(), req); return err },
			} {
				s.Forget()
				if err := call(); err != nil || len(s.Calls("adminsignup")) != 1 || s.Calls("adminsignup")[0].Protocol != "graphql" {
					t.Errorf("%s: %v after %d calls", name, err, len(s.Calls("")))
				}
			}
			if info.Protocol != authorizer.ProtocolGraphQL {
				t.Errorf("info says %s", info.Protocol)
			}
			// What the selected protocol offers stays there.
			_, err = c.AdminMeta(t.Context(), fallback)
			must(t, err)
			if got := s.Calls("adminmeta")[0].Protocol; got != string(p) {
				t.Errorf("admin_meta went over %s", got)
			}
		})
	}
	if _, err := authorizer.New("http://localhost", "id", authorizer.WithFallback("soap")); err == nil {
		t.Error("a protocol that is none was accepted")
	}
}
