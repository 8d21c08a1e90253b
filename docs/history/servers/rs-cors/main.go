package main

import (
	"net/http"
	"os"

	"github.com/rs/cors"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/items", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("{}")) })
	handler := cors.New(cors.Options{
		AllowedOrigins:   []string{"https://app.example"},
		AllowedMethods:   []string{"GET", "POST", "PUT", "DELETE"},
		AllowedHeaders:   []string{"x-a", "content-type"},
		AllowCredentials: true,
	}).Handler(mux)
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler)
}
