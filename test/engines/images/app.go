// A small web application with every habit that an engine has to cope with, chosen by its environment, and the other
// programs of the beds: app, app pause, app work 3s, app exit 3, app get URL, app load URL, app probe URL, app registry FOLDER ADDRESS.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	ending := make(chan os.Signal, 1)
	signal.Notify(ending, syscall.SIGTERM, syscall.SIGINT)
	words := append(wordsOf(os.Args), "serve", "", "")
	switch words[0] {
	case "serve":
		serve(ending)
	case "pause":
		<-ending
	case "work":
		work(words[1], ending)
	case "get":
		get(words[1])
	case "load":
		load(words[1], ending)
	case "probe":
		probe(words[1], ending)
	case "exit":
		fmt.Println("hello")
		code, _ := strconv.Atoi(words[1])
		os.Exit(code)
	case "registry":
		registry(words[1], words[2])
	default:
		fail("there is no program " + words[0])
	}
}

// The words after the program's name. As a shell it takes the last one apart: sh -e -c "app work 3s". The bed of ECS passes
// no entry point on, and calls it with the words of a shell alone.
func wordsOf(args []string) []string {
	isShell := filepath.Base(args[0]) == "sh" || filepath.Base(args[0]) == "bash"
	if !isShell && (len(args) < 2 || args[1] != "-e") {
		return args[1:]
	}
	return strings.Fields(args[len(args)-1])[1:]
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(1)
}

// A time of the environment in milliseconds.
func span(name string, otherwise int) time.Duration {
	if given, err := strconv.Atoi(os.Getenv(name)); err == nil {
		otherwise = given
	}
	return time.Duration(otherwise) * time.Millisecond
}

func is(name string) bool { return os.Getenv(name) != "" }

func serve(ending chan os.Signal) {
	if is("CRASH") {
		fmt.Println("reading the settings")
		fail("no setting DATABASE_URL: giving up")
	}
	var draining atomic.Bool
	begun := time.Now()
	ready := func() bool {
		return !draining.Load() && !is("NEVER_READY") && time.Since(begun) >= span("START_MS", 0)
	}
	host, _ := os.Hostname()
	say := func(w http.ResponseWriter, good bool) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		w.Header().Set("X-Version", os.Getenv("VERSION"))
		if !good {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintf(w, "%s %s\n", os.Getenv("VERSION"), host)
	}
	http.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) { say(w, ready()) })
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(span("WORK_MS", 0))
		say(w, true)
	})
	server := &http.Server{Addr: ":8080"}
	drained := make(chan bool)
	go func() {
		<-ending
		if is("NO_DRAIN") {
			os.Exit(0)
		}
		// The engine forgets this replica meanwhile.
		draining.Store(true)
		time.Sleep(span("DRAIN_MS", 2000))
		patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(patience)
		close(drained)
	}()
	fmt.Println("serving", os.Getenv("VERSION"))
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fail(err.Error())
	}
	<-drained
}

// A migration or a task of a scheduler: it says each second that it works, and ends well if its environment lets it.
func work(lasting string, ending chan os.Signal) {
	length, err := time.ParseDuration(lasting)
	if err != nil {
		fail(err.Error())
	}
	over := time.After(length)
	for second := 1; ; second++ {
		fmt.Println("working", second)
		select {
		case <-ending:
			fail("stopped in the middle")
		case <-over:
			if is("FAILS") {
				fail("column orders.total does not exist")
			}
			fmt.Println("done")
			return
		case <-time.After(time.Second):
		}
	}
}

func get(url string) {
	answer, err := (&http.Client{Timeout: time.Second}).Get(url)
	if err != nil {
		fail(err.Error())
	}
	if answer.StatusCode != http.StatusOK {
		fail(answer.Status)
	}
}
