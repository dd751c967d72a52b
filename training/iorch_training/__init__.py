"""The training program of Industrial Orchestrator: LoRA and QLoRA in the script convention of SageMaker."""
