import lancedb
from two import Reader

class Writer (object):
	'''Indented with tabs.'''
	def __init__ (self, path, name) :
		self.name = name
		self.db	= lancedb . connect( path )

	def write( self, * words ):
		data = [ { 'word' : w, 'n' : len( w ) } for w in words ]
		if self.name in self.db.table_names( ) :
			self.db.open_table( self.name ).add( data )
		else :
			self.db . create_table( self.name, data )

	def count( self, where = None ):
		return	self.db[ self.name ] . count_rows( where )

def main( ):
	writer = Writer( 'tab-db', 'words' )
	writer.write( 'one', 'three' ); writer.write( 'eleven' )
	print( writer.count( ), writer.count( where = 'n > 3' ) )
	reader = Reader( writer.db )
	print( reader.words( 'words' ) )
	if writer.count( ) == 3 : print( 'three' )

if __name__ == '__main__' :
	main( )
