from flask import Flask, jsonify
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins=["https://app.example"], supports_credentials=True)


@app.route("/items", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def items():
    return jsonify({})
