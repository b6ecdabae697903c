package authorizertest_test

import (
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

func TestAccessTokenExpires(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		token := authorizer.WithBearerToken(signup(t, c, zoe).AccessToken)
		srv.Clock().Advance(29 * time.Minute)
		if _, err := c.Profile(t.Context(), token); err != nil {
			t.Error(err)
		}
		srv.Clock().Advance(2 * time.Minute)
		_, err := c.Profile(t.Context(), token)
		wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
	})
}

func TestSessionCookieRotatesAndExpires(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		var first, second authorizer.ResponseInfo
		signup(t, c, zoe)
		login(t, c, zoe, authorizer.WithResponseInfo(&first))
		session := func(in *authorizer.ResponseInfo, opts ...authorizer.CallOption) error {
			_, err := c.Session(t.Context(), &authorizer.SessionRequest{}, append(opts, authorizer.WithCookie("cookie_session", cookie(t, in)))...)
			return err
		}
		if err := session(&first, authorizer.WithResponseInfo(&second)); err != nil {
			t.Fatal(err)
		}
		wantError(t, session(&first), authorizer.CodeUnauthenticated, "unauthorized")
		srv.Clock().Advance(25 * time.Hour)
		wantError(t, session(&second), authorizer.CodeUnauthenticated, "unauthorized")
	})
}

func cookie(t *testing.T, info *authorizer.ResponseInfo) string {
	t.Helper()
	for _, c := range info.Cookies() {
		if c.Name == "cookie_session" {
			return c.Value
		}
	}
	t.Fatal("no session cookie was set")
	return ""
}

func TestRefreshTokenRotatesAndExpires(t *testing.T) {
	srv := authorizertest.New(t)
	c := user(t, srv, "graphql")
	res := signup(t, c, zoe, "openid", "offline_access")
	refresh := func(token string) (*authorizer.TokenResponse, error) {
		return c.GetToken(t.Context(), &authorizer.GetTokenRequest{GrantType: authorizer.Ptr("refresh_token"), RefreshToken: &token})
	}
	next, err := refresh(res.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	const bad = "The refresh token is invalid or has expired"
	_, err = refresh(res.RefreshToken)
	wantError(t, err, authorizer.CodeUnauthenticated, bad)
	srv.Clock().Advance(31 * 24 * time.Hour)
	_, err = refresh(next.RefreshToken)
	wantError(t, err, authorizer.CodeUnauthenticated, bad)
}

func TestFreeze(t *testing.T) {
	srv := authorizertest.New(t)
	at := time.Unix(1750000000, 0)
	srv.Clock().Freeze(at)
	if created := signup(t, user(t, srv, "rest"), zoe).User.CreatedAt; created != at.Unix() {
		t.Errorf("created at %d", created)
	}
	srv.Clock().Advance(time.Hour)
	if now := srv.Clock().Now(); !now.Equal(at.Add(time.Hour)) {
		t.Errorf("it is %s", now)
	}
}
