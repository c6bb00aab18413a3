throw new Error("import fails")
