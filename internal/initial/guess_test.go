package initial

import "testing"

// TestSentence: a description as what follows a method's name.
func TestSentence(t *testing.T) {
	for _, c := range []struct{ doc, name, want string }{
		{"Returns a user.", "get_user", "returns a user"},
		{"GetUser returns a user. Or not.", "get_user", "returns a user"},
		{"URLs of the user", "urls_of", "URLs of the user"},
		{"Checks what runs (e.g. a database), every time. Always.", "check", "checks what runs (e.g. a database), every time"},
		{" \n", "get_user", ""},
	} {
		if got := sentence(c.doc, c.name); got != c.want {
			t.Errorf("%q is %q, not %q", c.doc, got, c.want)
		}
	}
}

// TestSecrets: names that must not be shown, and names that only sound so.
func TestSecrets(t *testing.T) {
	for name, want := range map[string]bool{
		"password": true, "newPassword": true, "client_secret": true, "accessToken": true, "otp": true, "api_key": true, "recovery_codes": true,
		"next_page_token": false, "pageToken": false, "token_type": false, "password_hint": false, "is_otp": false, "key": false, "spinning": false,
	} {
		if isSecret(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
