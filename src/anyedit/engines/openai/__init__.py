"""Any server that speaks the OpenAI HTTP interface: hosted ones, vLLM, SGLang, llama.cpp and others."""
