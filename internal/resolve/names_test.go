package resolve

import (
	"slices"
	"testing"
)

func TestNames(t *testing.T) {
	n := newNamer([]string{"id", "JWT", "url", "fga"})
	for _, c := range []struct{ name, exported, local string }{
		{"login", "Login", "login"},
		{"validate_jwt_token", "ValidateJWTToken", "validateJWTToken"},
		{"ValidateJWTToken", "ValidateJWTToken", "validateJWTToken"},
		{"jwt_id", "JWTID", "jwtID"},
		{"ACCESS_TOKEN", "AccessToken", "accessToken"},
		{"FGATuple", "FGATuple", "fgaTuple"},
		{"clientURL", "ClientURL", "clientURL"},
		{"ids", "Ids", "ids"},
		{"v1.User-data", "V1UserData", "v1UserData"},
		{"__private__", "Private", "private"},
		{"otp_2fa", "Otp2fa", "otp2fa"},
		{"2fa", "X2fa", ""},
		{"type", "Type", "type_"},
		{"url", "URL", "url_"},
		{"api", "Api", "api_"},
		{"über_maß", "ÜberMaß", "überMaß"},
	} {
		if got := n.exported(c.name); got != c.exported {
			t.Errorf("%s becomes %s, want %s", c.name, got, c.exported)
		}
		if got := n.local(c.name); got != c.local && c.local != "" {
			t.Errorf("%s becomes %s as an argument, want %s", c.name, got, c.local)
		}
	}
	if got := camel("get_jwt_url"); got != "GetJwtUrl" {
		t.Errorf("without initialisms it is %s", got)
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string][]string{
		"HTTPServer2Go": {"HTTP", "Server2", "Go"}, "aB": {"a", "B"}, "": nil, "_": nil, "A": {"A"}, "AB": {"AB"}, "a1B": {"a1", "B"},
	} {
		if got := words(name); !slices.Equal(got, want) {
			t.Errorf("the words of %q are %q, want %q", name, got, want)
		}
	}
}

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"book_id", "book_id", true},
		{"book_id", "bookId", true},
		{"bookID", "book_id", true},
		{"address_2", "address2", true},
		{"x_request_id", "X-Request-Id", true},
		{"users", "Users", false},
		{"book_id", "BookId", false},
		{"book_id", "book_ids", false},
		{"id", "ID", false},
	} {
		if got := SameName(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: same is %t, want %t", c.a, c.b, got, c.same)
		}
	}
}
