import lancedb
import streamlit as st

st.set_page_config(page_title="Search")


@st.cache_resource
def get_connection():
    return lancedb.connect("data/streamlit")  #~ connect


@st.cache_data
def load_words():
    return {"search", "add"}


if "db" not in st.session_state:
    st.session_state.db = get_connection()
    st.session_state["table"] = st.session_state.db.open_table("pages")  #~ open_table

words = load_words()
words.add("delete")
choice = st.sidebar.selectbox("Table", st.session_state.db.table_names())  #~ table_names
query = st.text_input("Search", "")
if query:
    results = st.session_state.table.search(query).limit(10).to_pandas()  #~ search, to_pandas
    st.dataframe(results)
    st.write(len(results), "results")
if st.button("Clear"):
    st.session_state["table"].delete("true")  #~ delete
st.caption(f"{len(st.session_state.table)} rows in {choice}")  #~ len
