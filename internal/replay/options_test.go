package replay

import (
	"reflect"
	"testing"
)

func TestSender(t *testing.T) {
	none := map[string]string{}
	tests := []struct {
		recording, step string
		want            Sender
	}{
		{"rest", "meta_ok", Sender{false, ClientID, AdminSecret, "", nil, none}},
		{"grpc", "profile_bearer_ok", Sender{false, ClientID, AdminSecret, "jwt-17", nil, none}},
		{"rest", "profile_cookie_ok", Sender{false, ClientID, AdminSecret, "", [][2]string{{"cookie_session", "cookie-9"}}, none}},
		{"graphql", "users_all_ok", Sender{true, ClientID, AdminSecret, "", nil, none}},
		{"grpc", "users_bad_secret", Sender{true, ClientID, "wrong-admin-secret", "", nil, none}},
		{"rest", "users_none", Sender{true, ClientID, AdminSecret, "", nil, map[string]string{headerAdminSecret: ""}}},
		{"graphql", "gql_admin_signup", Sender{true, ClientID, AdminSecret, "", nil, map[string]string{headerAdminSecret: ""}}},
		{"graphql", "check_permissions_admin_subject_ok", Sender{false, ClientID, AdminSecret, "", nil, map[string]string{headerAdminSecret: "admin"}}},
		{"graphql", "http_bad_client_id", Sender{false, "999", AdminSecret, "", nil, none}},
		{"rest", "oauth_token_bad_client", Sender{false, "999", AdminSecret, "", nil, none}},
		{"grpc", "oauth_token_refresh_basic_ok", Sender{false, ClientID, AdminSecret, "", nil, map[string]string{"Authorization": "Basic MTIzNDU2OnNlY3JldA=="}}},
		{"rest", "http_referer_instead_of_origin", Sender{false, ClientID, AdminSecret, "", nil, map[string]string{"Origin": "", "Referer": "http://localhost:8080/app"}}},
		{"grpc", "grpc_login_without_authorizer_url_ok", Sender{false, ClientID, AdminSecret, "", nil, map[string]string{headerURL: ""}}},
		{"grpc", "authorizer_url_header_login_ok", Sender{false, ClientID, AdminSecret, "", nil, map[string]string{headerURL: "https://auth.example.com"}}},
	}
	for _, tt := range tests {
		t.Run(tt.recording+" "+tt.step, func(t *testing.T) {
			got := testRecording(t, tt.recording).step(t, tt.step).Sender()
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
