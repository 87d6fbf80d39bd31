// A client made of grpc-go and the stubs of the proto file, nothing else.
//
//	usage: go-client ENDPOINT process FILE CHUNK_BYTES none|gzip [SCHEMA_FILE]
//	       go-client ENDPOINT live FILE CHUNK_BYTES
//	       go-client ENDPOINT early
//	       go-client ENDPOINT refused
//
// Prints one JSON object: the ProcessResult, what a live call told before it, or how the call was refused.
package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/encoding/gzip" // registers the codec
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	v1 "dev.jassay/interop/target/jassayv1"
)

// Far more than any of these calls takes: what is slower than that hangs.
const deadline = 120 * time.Second

type processStream = grpc.ClientStreamingClient[v1.ProcessRequest, v1.ProcessResult]

type sender interface {
	Send(*v1.ProcessRequest) error
}

// send reports whether the call still takes requests.
func send(stream sender, request *v1.ProcessRequest) (bool, error) {
	err := stream.Send(request)
	if errors.Is(err, io.EOF) {
		return false, nil // the call has ended: its outcome is there to be received
	}
	return err == nil, err
}

func chunk(data []byte) *v1.ProcessRequest {
	return &v1.ProcessRequest{Payload: &v1.ProcessRequest_Chunk{Chunk: data}}
}

func config(config *v1.ProcessConfig) *v1.ProcessRequest {
	return &v1.ProcessRequest{Payload: &v1.ProcessRequest_Config{Config: config}}
}

// process judges by a schema where a file of one is named.
func process(stream processStream, path string, chunkBytes int, schemas []string) ([]byte, error) {
	validation := &v1.Validation{}
	for _, name := range schemas {
		schema, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		validation.SchemaJson = string(schema)
	}
	err := sendFile(stream, &v1.ProcessConfig{
		Source:     "orders",
		Validation: validation,
		Profile:    &v1.Profile{Scope: v1.ProfileScope_PROFILE_SCOPE_VALID},
	}, path, chunkBytes)
	if err != nil {
		return nil, err
	}
	return receive(stream)
}

// sendFile sends a config and as much of a file as the call takes.
func sendFile(stream sender, settings *v1.ProcessConfig, path string, chunkBytes int) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	open, err := send(stream, config(settings))
	buffer := make([]byte, chunkBytes)
	for open && err == nil {
		var length int
		length, err = io.ReadFull(file, buffer)
		if length == 0 && errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			open, err = send(stream, chunk(buffer[:length]))
		}
	}
	return err
}

type told struct {
	First      string          `json:"first"`
	Last       string          `json:"last"`
	Violations int             `json:"violations"`
	Content    string          `json:"content"`
	Result     json.RawMessage `json:"result"`
}

// live gets the invalid records back while it sends.
func live(stream v1.ProcessorService_ProcessLiveClient, path string, chunkBytes int) ([]byte, error) {
	sent := make(chan error, 1)
	go func() {
		err := sendFile(stream, &v1.ProcessConfig{
			Source:  "orders",
			Profile: &v1.Profile{Scope: v1.ProfileScope_PROFILE_SCOPE_VALID},
			Split:   &v1.Split{Records: v1.SplitRecords_SPLIT_RECORDS_INVALID},
		}, path, chunkBytes)
		if err == nil {
			err = stream.CloseSend()
		}
		sent <- err
	}()
	var seen told
	var content []byte
	for {
		event, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		reflected := event.ProtoReflect()
		kind := string(reflected.WhichOneof(reflected.Descriptor().Oneofs().Get(0)).Name())
		if seen.First == "" {
			seen.First = kind
		}
		seen.Last = kind
		seen.Violations += len(event.GetViolations().GetViolations())
		for _, record := range event.GetRecords().GetRecords() {
			content = append(content, record.Content...)
			if record.Last {
				content = append(content, '\n')
			}
		}
		if result := event.GetResult(); result != nil {
			seen.Result, err = protojson.Marshal(result)
			if err != nil {
				return nil, err
			}
		}
	}
	if err := <-sent; err != nil {
		return nil, err
	}
	seen.Content = hex.EncodeToString(content)
	return json.Marshal(seen)
}

// early never half-closes before the call has ended: only a result that comes while the client sends can end it.
func early(stream processStream) ([]byte, error) {
	open, err := send(stream, config(&v1.ProcessConfig{Format: v1.Format_FORMAT_ARRAY}))
	if open && err == nil {
		open, err = send(stream, chunk([]byte("{}")))
	}
	blanks := bytes.Repeat([]byte(" "), 65536)
	for open && err == nil {
		open, err = send(stream, chunk(blanks))
	}
	if err != nil {
		return nil, err
	}
	return receive(stream)
}

func receive(stream processStream) ([]byte, error) {
	result, err := stream.CloseAndRecv()
	if err != nil {
		return nil, err
	}
	return protojson.Marshal(result)
}

type refusal struct {
	Code       int         `json:"code"`
	Message    string      `json:"message"`
	Reason     string      `json:"reason"`
	Domain     string      `json:"domain"`
	Violations [][2]string `json:"violations"`
}

func refused(stream processStream) ([]byte, error) {
	_, err := send(stream, config(&v1.ProcessConfig{
		Validation: &v1.Validation{MaxDepth: 1025},
		Report:     &v1.Report{MaxPerGroup: 1001},
	}))
	if err != nil {
		return nil, err
	}
	_, err = stream.CloseAndRecv()
	if err == nil {
		return nil, errors.New("the call was served")
	}
	failure := status.Convert(err)
	seen := refusal{Code: int(failure.Code()), Message: failure.Message()}
	for _, detail := range failure.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			seen.Reason, seen.Domain = detail.Reason, detail.Domain
		case *errdetails.BadRequest:
			for _, violation := range detail.FieldViolations {
				seen.Violations = append(seen.Violations, [2]string{violation.Field, violation.Description})
			}
		}
	}
	return json.Marshal(seen)
}

func run(endpoint string, command string, arguments []string) ([]byte, error) {
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	client := v1.NewProcessorServiceClient(connection)
	if command == "live" {
		chunkBytes, err := strconv.Atoi(arguments[1])
		if err != nil {
			return nil, err
		}
		stream, err := client.ProcessLive(ctx)
		if err != nil {
			return nil, err
		}
		return live(stream, arguments[0], chunkBytes)
	}
	var options []grpc.CallOption
	if command == "process" && arguments[2] == "gzip" {
		options = append(options, grpc.UseCompressor("gzip"))
	}
	stream, err := client.Process(ctx, options...)
	if err != nil {
		return nil, err
	}
	switch command {
	case "process":
		chunkBytes, err := strconv.Atoi(arguments[1])
		if err != nil {
			return nil, err
		}
		return process(stream, arguments[0], chunkBytes, arguments[3:])
	case "early":
		return early(stream)
	case "refused":
		return refused(stream)
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func main() {
	out, err := run(os.Args[1], os.Args[2], os.Args[3:])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(out))
}
