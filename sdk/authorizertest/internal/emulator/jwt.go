package emulator

import (
	"crypto/ecdsa"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// sign makes a token. It is signed with the key that the server publishes, so
// that whoever verifies tokens offline can verify these.
func (e *Emulator) sign(claims jwt.MapClaims) string {
	t := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	t.Header["kid"] = e.secrets.clientID
	signed, err := t.SignedString(e.secrets.signing)
	if err != nil {
		panic(fmt.Sprintf("signing a token: %v", err)) // only claims that are no JSON can fail
	}
	return signed
}

// parse verifies signature and expiry. The texts of its errors are those of the
// real server, whose JWT library is of an older version.
func (e *Emulator) parse(token string) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return &e.secrets.signing.PublicKey, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodES256.Alg()}), jwt.WithTimeFunc(e.clock.Now), jwt.WithExpirationRequired())
	switch {
	case err == nil:
		return integers(claims), nil
	case strings.Count(token, ".") != 2:
		return nil, internal("token contains an invalid number of segments")
	case errors.Is(err, jwt.ErrTokenExpired):
		return nil, internal("Token is expired")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return nil, internal("signature is invalid")
	}
	return nil, internal("%v", err)
}

// integers makes the times whole numbers again.
func integers(claims jwt.MapClaims) jwt.MapClaims {
	out := maps.Clone(claims)
	for _, name := range []string{"exp", "iat"} {
		if f, ok := out[name].(float64); ok {
			out[name] = int64(f)
		}
	}
	return out
}

func stringClaim(claims jwt.MapClaims, name string) string {
	s, _ := claims[name].(string)
	return s
}

// stringsClaim is a list of texts; ok is false if it is something else.
func stringsClaim(claims jwt.MapClaims, name string) (out []string, ok bool) {
	list, ok := claims[name].([]any)
	for _, item := range list {
		s, isText := item.(string)
		if !isText || s == "" {
			return nil, false
		}
		out = append(out, s)
	}
	return out, ok
}

// holds tells whether the claims are for this server, with the nonce (if one is
// asked for) and about one of the subjects.
func (e *Emulator) holds(c *Call, claims jwt.MapClaims, nonce string, subjects ...string) bool {
	if nonce != "" && claims["nonce"] != nonce {
		return false
	}
	for _, subject := range subjects {
		if subject != "" && claims["sub"] == subject {
			return claims["aud"] == e.secrets.clientID && claims["iss"] == c.url()
		}
	}
	return false
}

// verificationToken is what a link in a mail carries.
func (e *Emulator) verificationToken(c *Call, email, nonce, redirect, kind string) string {
	return e.sign(jwt.MapClaims{
		"iss": c.url(), "aud": e.secrets.clientID, "sub": email, "exp": e.now() + verificationLifetime, "iat": e.now(),
		"token_type": kind, "nonce": nonce, "redirect_uri": redirect,
	})
}

// JWKS is the public key that tokens are signed with, as a JSON Web Key Set.
func (e *Emulator) JWKS() map[string]any {
	return map[string]any{"keys": []map[string]string{jwk(&e.secrets.signing.PublicKey, e.secrets.clientID)}}
}

func jwk(key *ecdsa.PublicKey, id string) map[string]string {
	point, err := key.Bytes() // 4, x, y
	if err != nil {
		panic(fmt.Sprintf("the signing key: %v", err)) // it was just generated
	}
	half := (len(point) - 1) / 2
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]string{
		"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
		"x": encode(point[1 : 1+half]), "y": encode(point[1+half:]),
	}
}

// until is the time that is left, in seconds, at least one.
func (e *Emulator) until(end int64) int64 { return max(end-e.now(), 1) }
