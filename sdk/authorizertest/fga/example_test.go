package fga_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest/fga"
)

// requireRelation is the middleware under test: it lets only those read a
// document, by /documents/{id}, who are its viewers.
func requireRelation(client authorizer.ClientAPI, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		if _, err := client.ValidateJWTToken(r.Context(), &authorizer.ValidateJWTTokenRequest{TokenType: "access_token", Token: token}); err != nil {
			http.Error(w, "bad token", http.StatusUnauthorized)
			return
		}
		checked, err := client.CheckPermissions(r.Context(), &authorizer.CheckPermissionsRequest{
			Checks: []authorizer.PermissionCheckInput{{Relation: "viewer", Object: "document:" + r.PathValue("id")}},
		}, authorizer.WithBearerToken(token))
		if err != nil || !checked.Results[0].Allowed {
			http.Error(w, "not yours", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

const model = `model
  schema 1.1

type user

type document
  relations
    define owner: [user]
    define viewer: [user] or owner
`

// Testing a middleware of your own that asks for permissions. In a test, use
// fga.New and authorizertest.New.
func Example_middleware() {
	engine, err := fga.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer engine.Close()
	srv, err := authorizertest.Start(authorizertest.WithFGA(engine))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	admin, err := authorizer.NewAdmin(srv.URL, srv.AdminSecret)
	if err != nil {
		log.Fatal(err)
	}
	defer admin.Close()

	// A user, and a document that is hers.
	ctx := context.Background()
	zoe, err := client.Signup(ctx, &authorizer.SignupRequest{
		Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123", ConfirmPassword: "Password@123",
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := admin.FGAWriteModel(ctx, &authorizer.FGAWriteModelRequest{DSL: model}); err != nil {
		log.Fatal(err)
	}
	if _, err := admin.FGAWriteTuples(ctx, &authorizer.FGAWriteTuplesRequest{
		Tuples: []authorizer.FGATupleInput{{User: "user:" + zoe.User.ID, Relation: "owner", Object: "document:1"}},
	}); err != nil {
		log.Fatal(err)
	}

	// The handler under test, and what it answers.
	mux := http.NewServeMux()
	mux.Handle("/documents/{id}", requireRelation(client, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "document ", r.PathValue("id"))
	})))
	get := func(path, token string) string {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String()))
	}
	fmt.Println(get("/documents/1", zoe.AccessToken))
	fmt.Println(get("/documents/2", zoe.AccessToken))
	fmt.Println(get("/documents/1", "no-token-of-the-server"))
	// Output:
	// 200 document 1
	// 403 not yours
	// 401 bad token
}
