from pipeline import build_context, run_pipeline

if __name__ == "__main__":
    context = build_context("pipeline-db")
    for line in run_pipeline(context, ["clean", "enrich", "clean", "report"]):
        print(line)
