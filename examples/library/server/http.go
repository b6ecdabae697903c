package server

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/triwire/authorizer-sdk/examples/library/gen/library/v1"
)

// REST answers as a gateway would that reads the annotations of the protos.
func (l *Library) REST() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/books/{book}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusOK)(l.GetBook(atHTTP(r), &pb.GetBookRequest{BookId: r.PathValue("book")}))
	})
	mux.HandleFunc("GET /v1/books", func(w http.ResponseWriter, r *http.Request) {
		in, err := listRequest(r)
		if err != nil {
			fail(w, err)
			return
		}
		reply(w, http.StatusOK)(l.ListBooks(atHTTP(r), in))
	})
	mux.HandleFunc("DELETE /v1/books/{book}", func(w http.ResponseWriter, r *http.Request) {
		if _, err := l.DeleteBook(atHTTP(r), &pb.DeleteBookRequest{BookId: r.PathValue("book")}); err != nil {
			fail(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PATCH /v1/books/{book}", func(w http.ResponseWriter, r *http.Request) {
		in := &pb.UpdateBookRequest{Book: &pb.Book{}, UpdateMask: &fieldmaskpb.FieldMask{}}
		if !body(w, r, in.Book) {
			return
		}
		if err := protojson.Unmarshal([]byte(strconv.Quote(r.URL.Query().Get("updateMask"))), in.UpdateMask); err != nil {
			fail(w, status.Error(codes.InvalidArgument, err.Error()))
			return
		}
		in.Book.Id = r.PathValue("book")
		reply(w, http.StatusOK)(l.UpdateBook(atHTTP(r), in))
	})
	mux.HandleFunc("POST /v1/books/{lend}", func(w http.ResponseWriter, r *http.Request) {
		in := &pb.LendBookRequest{}
		if !body(w, r, in) {
			return
		}
		in.BookId = strings.TrimSuffix(r.PathValue("lend"), ":lend")
		reply(w, http.StatusOK)(l.LendBook(atHTTP(r), in))
	})
	mux.HandleFunc("POST /v1/shelves/{shelf}/books", func(w http.ResponseWriter, r *http.Request) {
		in := &pb.CreateBookRequest{Shelf: "shelves/" + r.PathValue("shelf"), Book: &pb.Book{}}
		if body(w, r, in.Book) {
			reply(w, http.StatusCreated)(l.CreateBook(atHTTP(r), in))
		}
	})
	mux.HandleFunc("GET /v1/shelves/{shelf}/loans:watch", func(w http.ResponseWriter, r *http.Request) {
		l.stream(w, "shelves/"+r.PathValue("shelf"))
	})
	return mux
}

// stream writes a document for each loan, and one for the error that ends them.
func (l *Library) stream(w http.ResponseWriter, shelf string) {
	sent := false
	err := l.watch(shelf, func(loan *pb.Loan) error {
		sent = true
		text, err := protojson.Marshal(loan)
		if err != nil {
			return err
		}
		_, err = w.Write([]byte(`{"result":` + string(text) + "}\n"))
		return err
	})
	switch {
	case err != nil && sent:
		text, _ := protojson.Marshal(status.Convert(err).Proto())
		_, _ = w.Write([]byte(`{"error":` + string(text) + "}\n"))
	case err != nil:
		fail(w, err)
	}
}

func listRequest(r *http.Request) (*pb.ListBooksRequest, error) {
	in, query := &pb.ListBooksRequest{}, r.URL.Query()
	for _, name := range query["genres"] {
		in.Genres = append(in.Genres, pb.Genre(pb.Genre_value[name]))
	}
	if query.Has("since") {
		since, err := time.Parse(time.RFC3339Nano, query.Get("since"))
		if err != nil {
			return nil, status.Error(codes.InvalidArgument, err.Error())
		}
		in.Since = timestamppb.New(since)
	}
	if query.Has("pageSize") {
		size, err := strconv.ParseInt(query.Get("pageSize"), 10, 32)
		if err != nil {
			return nil, status.Error(codes.InvalidArgument, err.Error())
		}
		in.PageSize = proto.Int32(int32(size))
	}
	in.PageToken = proto.String(query.Get("pageToken"))
	return in, nil
}

// atHTTP is the context of a request, with its headers as metadata.
func atHTTP(r *http.Request) context.Context {
	return metadata.NewIncomingContext(r.Context(), metadata.Pairs("x-desk-key", r.Header.Get("X-Desk-Key")))
}

// body reads the body into a message; if it cannot, it answers so.
func body(w http.ResponseWriter, r *http.Request, into proto.Message) bool {
	data, err := io.ReadAll(r.Body)
	if err == nil {
		err = protojson.Unmarshal(data, into)
	}
	if err != nil {
		fail(w, status.Error(codes.InvalidArgument, err.Error()))
	}
	return err == nil
}

func reply(w http.ResponseWriter, code int) func(proto.Message, error) {
	return func(out proto.Message, err error) {
		if err != nil {
			fail(w, err)
			return
		}
		text, err := protojson.Marshal(out)
		if err != nil {
			fail(w, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write(text)
	}
}

// fail answers with a google.rpc.Status.
func fail(w http.ResponseWriter, err error) {
	st := status.Convert(err)
	code := map[codes.Code]int{
		codes.NotFound: http.StatusNotFound, codes.InvalidArgument: http.StatusBadRequest, codes.AlreadyExists: http.StatusConflict,
		codes.Unauthenticated: http.StatusUnauthorized, codes.FailedPrecondition: http.StatusBadRequest,
	}[st.Code()]
	if code == 0 {
		code = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": int(st.Code()), "message": st.Message()})
}
