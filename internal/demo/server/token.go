package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// claims is what a token says.
type claims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	IssuedAt int64  `json:"iat"`
	Type     string `json:"token_type"`
}

// lifetime of access tokens in seconds, as answered in expires_in.
const lifetime = 1800

// sign makes a JWT (HS256).
func (s *state) sign(c claims) string {
	header := encodePart(map[string]string{"alg": "HS256", "typ": "JWT"})
	body := header + "." + encodePart(c)
	return body + "." + s.signature(body)
}

// verify returns what a token says, and whether it is one of ours for the
// issuer: a token that was made for another address of the server is refused,
// as the real server does.
func (s *state) verify(token, issuer string) (claims, bool) {
	var c claims
	body, signature, ok := cutLast(token, ".")
	if !ok || !hmac.Equal([]byte(signature), []byte(s.signature(body))) {
		return c, false
	}
	_, payload, _ := strings.Cut(body, ".")
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return c, false
	}
	return c, c.Issuer == issuer && c.Type == "access_token"
}

func (s *state) signature(body string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("token:" + body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func encodePart(v any) string {
	data, _ := json.Marshal(v) // plain strings and numbers
	return base64.RawURLEncoding.EncodeToString(data)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
