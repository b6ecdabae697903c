package authorizertest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

func TestUsersAreKept(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c, a := user(t, srv, protocol), admin(t, srv, protocol)
		id := signup(t, c, zoe).User.ID
		if _, err := a.UpdateUser(t.Context(), &authorizer.UpdateUserRequest{ID: id, GivenName: authorizer.Ptr("Zoe"), AppData: map[string]any{"seats": 3}}); err != nil {
			t.Fatal(err)
		}
		res := login(t, c, zoe)
		if res.User.GivenName != "Zoe" || res.User.AppData["seats"] != float64(3) || res.IDToken == "" {
			t.Errorf("user is %+v", res.User)
		}
		if _, err := a.RevokeAccess(t.Context(), &authorizer.RevokeAccessRequest{UserID: id}); err != nil {
			t.Fatal(err)
		}
		_, err := c.Profile(t.Context(), authorizer.WithBearerToken(res.AccessToken))
		wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
		users, err := a.Users(t.Context(), nil)
		if err != nil || len(users.Users) != 1 || users.Users[0].RevokedTimestamp == 0 || users.Pagination.Total != 1 {
			t.Errorf("users are %+v, %v", users, err)
		}
	})
}

func TestWithoutFGA(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		const message = "fine-grained authorization is not enabled"
		_, err := user(t, srv, protocol).CheckPermissions(t.Context(), &authorizer.CheckPermissionsRequest{
			Checks: []authorizer.PermissionCheckInput{{Relation: "viewer", Object: "document:1"}},
		})
		if err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error is %v", err)
		}
		if _, err = admin(t, srv, protocol).FGAGetModel(t.Context()); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestWebhooks(t *testing.T) {
	srv := authorizertest.New(t)
	type call struct {
		header http.Header
		body   []byte
	}
	calls := make(chan call, 1)
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		calls <- call{r.Header, body}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer endpoint.Close()
	a := admin(t, srv, "rest")
	_, err := a.AddWebhook(t.Context(), &authorizer.AddWebhookRequest{EventName: "user.signup", Endpoint: endpoint.URL, Enabled: true, Headers: map[string]any{"X-Token": "abc"}})
	if err != nil {
		t.Fatal(err)
	}
	signup(t, user(t, srv, "rest"), zoe)
	srv.WaitForWebhooks()
	got := <-calls
	mac := hmac.New(sha256.New, []byte(srv.ClientSecret))
	mac.Write(got.body)
	if got.header.Get("X-Authorizer-Signature") != hex.EncodeToString(mac.Sum(nil)) || got.header.Get("X-Token") != "abc" {
		t.Errorf("headers are %v", got.header)
	}
	var event struct {
		EventName string `json:"event_name"`
		User      struct{ Email string }
	}
	if err := json.Unmarshal(got.body, &event); err != nil || event.EventName != "user.signup" || event.User.Email != zoe {
		t.Errorf("event is %s, %v", got.body, err)
	}
	logs, err := a.WebhookLogs(t.Context(), nil)
	if err != nil || len(logs.WebhookLogs) != 1 || logs.WebhookLogs[0].HTTPStatus != http.StatusAccepted {
		t.Errorf("logs are %+v, %v", logs, err)
	}
}

// Nothing is sent to the network, whatever a webhook names.
func TestWebhooksStayOnLoopback(t *testing.T) {
	srv := authorizertest.New(t)
	a := admin(t, srv, "graphql")
	_, err := a.TestEndpoint(t.Context(), &authorizer.TestEndpointRequest{EventName: "user.login", Endpoint: "http://192.0.2.1/hook"})
	if err == nil || !strings.Contains(err.Error(), "loopback only") {
		t.Errorf("error is %v", err)
	}
}

func TestLoopbackOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "[::]:0", "nonsense"} {
		for _, option := range []authorizertest.Option{authorizertest.WithAddresses(address, "127.0.0.1:0"), authorizertest.WithAddresses("127.0.0.1:0", address)} {
			s, err := authorizertest.Start(option)
			if err == nil {
				s.Close()
				t.Errorf("it listens on %s", address)
			}
		}
	}
	s, err := authorizertest.Start(authorizertest.WithAddresses("0.0.0.0:0", "127.0.0.1:0"), authorizertest.WithAnyAddress())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	s.Close() // does nothing
}

// Tokens can be verified with the published key, as real ones.
func TestPublishedKey(t *testing.T) {
	srv := authorizertest.New(t)
	var config struct {
		Issuer  string
		JWKSURI string `json:"jwks_uri"`
	}
	getJSON(t, srv.URL+"/.well-known/openid-configuration", &config)
	var set struct{ Keys []map[string]string }
	getJSON(t, config.JWKSURI, &set)
	if config.Issuer != srv.URL || len(set.Keys) != 1 || set.Keys[0]["kid"] != srv.ClientID || set.Keys[0]["alg"] != "ES256" {
		t.Errorf("issuer %s, keys %v", config.Issuer, set.Keys)
	}
}

func getJSON(t *testing.T, url string, into any) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
