package authorizer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// canary begins every secret of the canary test. What is not secret never
// holds it.
const canary = "canary"

// oneTimeCode is a secret that is too short to be told from every number.
const oneTimeCode = "482913"

// canarySecret makes secrets that differ, so that a leak tells where it is
// from. They hold what JSON and URLs write in another way.
func canarySecret(of string) string {
	if of == "OTP" {
		return oneTimeCode
	}
	return canary + "-" + of + `-a/b+c="<d>&0123`
}

// timeless leaves the time out of a log: its nanoseconds can hold the digits of
// the one-time code.
func timeless(level slog.Level) *slog.HandlerOptions {
	return &slog.HandlerOptions{Level: level, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
}

// plainCanary is for places that cannot hold everything, such as cookies.
func plainCanary(of string) string { return canary + "-" + of + "-0123456789" }

// apiMethods are the methods that call the server, by name.
func apiMethods(client any) map[string]reflect.Value {
	v := reflect.ValueOf(client)
	found := map[string]reflect.Value{}
	for m := range v.Type().Methods() {
		iterator := m.Type.NumOut() == 1 && m.Type.Out(0).Kind() == reflect.Func
		if !iterator && m.Type.NumIn() > 1 && m.Type.In(1) == reflect.TypeFor[context.Context]() {
			found[m.Name] = v.MethodByName(m.Name)
		}
	}
	return found
}

// invoke calls a method with a request, made by fill, if it takes one.
func invoke(ctx context.Context, method reflect.Value, fill func(reflect.Value), opts ...authorizer.CallOption) (req, resp any, err error) {
	args := []reflect.Value{reflect.ValueOf(ctx)}
	if method.Type().NumIn() == 3 {
		r := reflect.New(method.Type().In(1).Elem())
		fill(r.Elem())
		req = r.Interface()
		args = append(args, r)
	}
	for _, o := range opts {
		args = append(args, reflect.ValueOf(o))
	}
	out := method.Call(args)
	err, _ = out[len(out)-1].Interface().(error)
	if len(out) == 2 {
		resp = out[0].Interface()
	}
	return req, resp, err
}

// plant puts a secret into every field that is marked as one, and something
// harmless into the others that every protocol can send.
func plant(v reflect.Value) { plantIn(v, "", false) }

func plantIn(v reflect.Value, name string, secret bool) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plantIn(v.Elem(), name, secret)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			plantIn(v.Field(i), f.Name, secret || f.Tag.Get("secret") == "true")
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plantIn(v.Index(0), name, secret)
	case reflect.Map:
		m := map[string]any{"harmless": "harmless"}
		if secret {
			m = map[string]any{"X-Key": canarySecret(name)}
		}
		v.Set(reflect.ValueOf(m))
	case reflect.String:
		if secret {
			v.SetString(canarySecret(name))
		} else {
			v.SetString("harmless")
		}
	case reflect.Int64:
		v.SetInt(1)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// texts is all that could be printed of a value.
func texts(values ...any) string {
	var b strings.Builder
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&b, timeless(slog.LevelInfo)), slog.NewTextHandler(&b, timeless(slog.LevelInfo))} {
		for _, v := range values {
			slog.New(handler).Info("value", "value", v)
		}
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&b, "%s: "+verb+"\n", verb, v)
		}
		fmt.Fprintf(&b, "in a struct: %+v %#v\n", struct{ V any }{v}, struct{ V any }{v})
	}
	return b.String()
}

// causes are the texts of an error and of everything it wraps.
func causes(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error() + "\n"
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		text += causes(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			text += causes(one)
		}
	}
	return text
}

// address is a pointer as fmt prints it, whose digits can be those of the
// one-time code by chance.
var address = regexp.MustCompile(`\b0x[0-9a-f]{1,12}\b`)

// leak is where a canary sings, or empty.
func leak(text string) string {
	text = address.ReplaceAllString(text, "0x")
	for _, secret := range []string{canary, fmt.Sprintf("%x", canary), oneTimeCode} {
		if at := strings.Index(text, secret); at >= 0 {
			return text[max(0, at-200):min(len(text), at+100)]
		}
	}
	return ""
}

// quoting is a server that says in its errors all that it was sent, in the ways
// in which servers quote.
func quoting(r *sdktest.Request) *sdktest.Answer {
	var headers []string
	for name, values := range r.Header {
		headers = append(headers, name+": "+strings.Join(values, ","))
	}
	var in []string
	leaves(r.Input, &in)
	quoted := []string{"cannot serve", r.Text, strings.Join(headers, "\n")}
	for _, text := range in {
		quoted = append(quoted, text, fmt.Sprintf("%q", text), url.QueryEscape(text), url.PathEscape(text))
	}
	return sdktest.Fail(codes.Internal, strings.Join(quoted, " | "))
}

func leaves(v any, into *[]string) {
	switch v := v.(type) {
	case map[string]any:
		for _, one := range v {
			leaves(one, into)
		}
	case []any:
		for _, one := range v {
			leaves(one, into)
		}
	case string:
		*into = append(*into, v)
	}
}

// lockedBuffer takes what a logger writes.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// canaryCredentials are the ways to be somebody, each with secrets.
func canaryCredentials() map[string][]authorizer.SharedOption {
	return map[string][]authorizer.SharedOption{
		"bearer and cookie": {authorizer.WithBearerToken(plainCanary("bearer")), authorizer.WithCookie("cookie_session", plainCanary("cookie"))},
		"session":           {authorizer.WithSession(authorizer.NewSession(&http.Cookie{Name: "cookie_session", Value: plainCanary("session")}))},
		"source":            {authorizer.WithTokenSource(fixedSource(plainCanary("source")))},
		"headers":           {authorizer.WithHeaders(map[string]string{"Authorization": "Bearer " + plainCanary("header"), "Cookie": "cookie_session=" + plainCanary("raw")})},
	}
}

// Secrets go through every method of both clients over every protocol, with
// success and with a server that quotes all it was sent. None of them may show
// up in anything that a program prints.
func TestNoSecretIsEverPrinted(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		for name, credential := range canaryCredentials() {
			for _, failing := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, failing %t", name, failing), func(t *testing.T) {
					c := canaries{t: t, s: s, failing: failing, log: new(lockedBuffer)}
					c.run(p, credential)
				})
			}
		}
	})
}

type canaries struct {
	t       *testing.T
	s       *sdktest.Server
	failing bool
	log     *lockedBuffer
	sent    int
}

func (c *canaries) run(p authorizer.Protocol, credential []authorizer.SharedOption) {
	t := c.t
	c.s.On("", func(r *sdktest.Request) *sdktest.Answer {
		if c.failing {
			return quoting(r)
		}
		return &sdktest.Answer{
			Result: c.s.Filled(r.Method, plainCanary("answer")),
			JSON:   oauthAnswer(r.Method),
			Header: http.Header{"Set-Cookie": {"cookie_session=" + plainCanary("set") + "; Max-Age=100"}},
		}
	})
	logger := authorizer.WithLogger(slog.New(slog.NewJSONHandler(c.log, timeless(slog.LevelDebug))))
	opts := []authorizer.Option{authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(c.s.GRPCAddr()), authorizer.WithoutRetry(), logger}
	for _, o := range credential {
		opts = append(opts, o)
	}
	user, err := authorizer.New(c.s.URL(), sdktest.ClientID, opts...)
	must(t, err)
	admin, err := authorizer.NewAdmin(c.s.URL(), canarySecret("admin_secret"), opts...)
	must(t, err)
	defer func() { _, _ = user.Close(), admin.Close() }()
	for _, client := range []any{user, admin} {
		c.search("the client", texts(client, opts, credential))
		for name, method := range apiMethods(client) {
			c.call(name, method)
		}
	}
	if c.sent < 40 {
		t.Errorf("only %d methods reached the server", c.sent)
	}
	c.search("the log", c.log.String())
	if !strings.Contains(c.log.String(), `"method":"login"`) {
		t.Error("nothing was logged")
	}
}

// oauthAnswer is what the methods answer that only HTTP has.
func oauthAnswer(method string) any {
	if method != "gettoken" {
		return nil
	}
	return map[string]any{"access_token": plainCanary("access"), "refresh_token": plainCanary("refresh"), "id_token": plainCanary("id"), "expires_in": 1}
}

// call calls one method and searches all that comes of it.
func (c *canaries) call(name string, method reflect.Value) {
	var info authorizer.ResponseInfo
	req, resp, err := invoke(c.t.Context(), method, plant, authorizer.WithResponseInfo(&info))
	unsupported := errors.Is(err, authorizer.ErrUnimplemented) && info.Attempts == 0
	if !unsupported {
		c.sent++
		if (err != nil) != c.failing {
			c.t.Errorf("%s: failing %t, got %v", name, c.failing, err)
		}
	}
	if req != nil {
		if data, _ := json.Marshal(req); hasSecret(reflect.TypeOf(req)) != (leak(string(data)) != "") {
			c.t.Errorf("%s: the test plants no secret where it should: %s", name, data)
		}
	}
	c.search(name+", request", texts(req))
	c.search(name+", error", causes(err)+texts(err))
	c.search(name+", info", texts(info, &info))
	if resp != nil && !reflect.ValueOf(resp).IsNil() {
		c.search(name+", answer", texts(maskHarmless(resp)))
	}
}

func (c *canaries) search(where, text string) {
	c.t.Helper()
	if found := leak(text); found != "" {
		c.t.Errorf("%s: ...%s...", where, found)
	}
}

// hasSecret reports whether a value of a type can hold a secret.
func hasSecret(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("secret") == "true" || hasSecret(f.Type) {
			return true
		}
	}
	return false
}

// maskHarmless takes the canary out of the fields of an answer that are no
// secrets: the server filled all alike.
func maskHarmless(resp any) any {
	original := reflect.ValueOf(resp).Elem()
	masked := reflect.New(original.Type())
	masked.Elem().Set(original)
	mask(masked.Elem())
	return masked.Interface()
}

func mask(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("secret") != "true" {
				mask(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			mask(v.Index(i))
		}
	case reflect.Map:
		v.SetZero()
	case reflect.String:
		v.SetString("harmless")
	}
}

// What programs hold on to beside clients.
func TestNoSecretInWhatIsKept(t *testing.T) {
	s := sdktest.Start(t)
	c := s.User(t, authorizer.ProtocolREST, authorizer.WithBearerToken(plainCanary("bearer")))
	token := authorizer.NewToken(plainCanary("access"), plainCanary("refresh"), 100)
	session := authorizer.NewSession(&http.Cookie{Name: "a", Value: plainCanary("session")})
	info := authorizer.ResponseInfo{Header: http.Header{"Set-Cookie": {"a=" + plainCanary("set")}}}
	for name, value := range map[string]any{
		"token": token, "pointer to a token": &token, "session": session, "source": c.TokenSource(token, nil), "info": info,
		"view": c.With(authorizer.WithSession(session)), "option": authorizer.WithBearerToken(plainCanary("option")),
	} {
		if found := leak(texts(value)); found != "" {
			t.Errorf("%s: ...%s...", name, found)
		}
	}
	for _, err := range []error{
		func() error {
			_, err := authorizer.New("http://localhost", "id", authorizer.WithBearerToken(canary+"\n"))
			return err
		}(),
		func() error {
			_, err := authorizer.New("http://localhost", "id", authorizer.WithCookie("a", canary+";"))
			return err
		}(),
		func() error { _, err := authorizer.NewAdmin("http://localhost", canary+"\n"); return err }(),
		func() error { _, err := authorizer.New("http://user:"+canary+"@localhost", "id"); return err }(),
	} {
		if err == nil || leak(causes(err)) != "" {
			t.Errorf("a constructor's error is %v", err)
		}
	}
}

// A refresh that fails must not tell what it was made with.
func TestNoSecretInAFailedRefresh(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("gettoken", quoting)
		log := new(lockedBuffer)
		c := s.User(t, p, authorizer.WithLogger(slog.New(slog.NewTextHandler(log, nil))))
		start := ended()
		start.Access, start.Refresh = plainCanary("access"), canarySecret("refresh")
		_, err := c.Meta(t.Context(), authorizer.WithTokenSource(c.TokenSource(start, nil)))
		if found := leak(causes(err) + texts(err) + log.String()); err == nil || found != "" {
			t.Errorf("%v: ...%s...", err != nil, found)
		}
	})
}
